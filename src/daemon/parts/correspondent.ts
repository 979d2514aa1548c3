/** What a correspondent consists of; loaded where one is configured. */
export {
  Correspondent,
  isForCorrespondent,
  isForMobileNode,
} from '../../engine/correspondent/correspondent.ts';
export { reportCorrespondent } from '../../engine/correspondent/report.ts';
