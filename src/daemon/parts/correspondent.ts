/** What a correspondent consists of; loaded where one is configured. */
export { Correspondent, isForCorrespondent } from '../../engine/correspondent/correspondent.ts';
export { reportCorrespondent } from '../../engine/correspondent/report.ts';
