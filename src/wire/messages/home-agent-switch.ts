import { countedAddresses } from '../layout/lists.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks the mobile node to leave its home agent. */
export const homeAgentSwitch = message({
  type: 12,
  kind: 'home-agent-switch',
  name: 'Home Agent Switch',
  section: 'RFC 5142 §4',
  layout: layout(countedAddresses('homeAgents')), // where to go instead; none: discover one
});
