/** What a mobile router needs to tell flows apart: its policy, and flow bindings that tell the home agent of it. */
export { settleFlows } from './flow-bindings/flow-answers.ts';
export { FlowBindingList } from './flow-bindings/flow-binding-list.ts';
export { restoreFlowBindings, saveFlowBindings } from './flow-bindings/flow-records.ts';
export { reportFlowBindings } from './flow-bindings/flow-report.ts';
export { Policy } from './policy.ts';
