/** Files of tests that the ledgers refer to. */

// Home agent
export const REGISTRATION = 'test/unit/engine/home-agent/registration.test.ts';
export const HOME_AGENT_BASE = 'test/unit/engine/home-agent/base-protocol.test.ts';
export const IDENTIFIER = 'test/unit/engine/home-agent/binding-identifier.test.ts';
export const IDENTIFIER_RULES = 'test/unit/engine/home-agent/identifier-rules.test.ts';
export const HOME_AGENT_DISCOVERY = 'test/unit/engine/home-agent/discovery.test.ts';
export const PREFIX_DELIVERY = 'test/unit/engine/home-agent/prefix-delivery.test.ts';
export const SECURITY = 'test/unit/engine/home-agent/security.test.ts';
export const HOME_LINK = 'test/unit/engine/home-agent/home-link.test.ts';
export const HOME_AGENT_RECORDS = 'test/unit/engine/home-agent/records.test.ts';
export const HOME_AGENT_DIALECT = 'test/unit/engine/home-agent/dialect.test.ts';
export const REFRESH_REQUESTS = 'test/unit/engine/home-agent/refresh-request.test.ts';
export const VERIFY = 'test/unit/engine/home-agent/verify.test.ts';
export const UNREACHABLE = 'test/unit/engine/home-agent/unreachable.test.ts';
export const FLOW_BINDINGS = 'test/unit/engine/home-agent/flow-bindings.test.ts';
export const HOME_SIDE = 'test/unit/engine/home-agent/home-side.test.ts';
export const ADMITTED_FORMS = 'test/unit/engine/home-agent/admitted-forms.test.ts';

// Mobile router
export const RETURNING_HOME = 'test/unit/engine/mobile-router/returning-home.test.ts';
export const MOVEMENT = 'test/unit/engine/mobile-router/movement.test.ts';
export const REGISTERING = 'test/unit/engine/mobile-router/registering.test.ts';
export const ROUTER_BASE = 'test/unit/engine/mobile-router/base-protocol.test.ts';
export const REFUSALS = 'test/unit/engine/mobile-router/refusals.test.ts';
export const ROUTER_DISCOVERY = 'test/unit/engine/mobile-router/discovery.test.ts';
export const HOME_AGENTS = 'test/unit/engine/mobile-router/home-agents.test.ts';
export const HOME_ADDRESSES = 'test/unit/engine/mobile-router/home-addresses.test.ts';
export const RENUMBERING = 'test/simulation/renumbering.test.ts';
export const LAB_RENUMBERING = 'test/lab/renumbering.test.ts';
export const PREFIX_DISCOVERY = 'test/unit/engine/mobile-router/prefix-discovery.test.ts';
export const STANDING_RULES = 'test/unit/engine/mobile-router/standing-rules.test.ts';
export const ANSWERS = 'test/unit/engine/mobile-router/answers.test.ts';
export const ROUTER_REPORT = 'test/unit/engine/mobile-router/report.test.ts';
export const FLOW_ROUTER = 'test/unit/engine/mobile-router/flow-bindings.test.ts';
export const LIFETIMES = 'test/unit/engine/mobile-router/lifetimes.test.ts';
export const ROUTER_ERRORS = 'test/unit/engine/mobile-router/errors.test.ts';
export const ROUTER_DIALECT = 'test/unit/engine/mobile-router/dialect.test.ts';

// Correspondent, and route optimisation at the mobile node
export const CN_ROUTABILITY = 'test/unit/engine/correspondent/return-routability.test.ts';
export const CN_ADMISSION = 'test/unit/engine/correspondent/admission.test.ts';
export const CN_BINDINGS = 'test/unit/engine/correspondent/bindings.test.ts';
export const CN_DIALECT = 'test/unit/engine/correspondent/dialect.test.ts';
export const CN_FLOWS = 'test/unit/engine/correspondent/flow-bindings.test.ts';
export const CN_ROLES = 'test/unit/engine/correspondent/roles.test.ts';
export const DIRECT = 'test/unit/engine/mobile-router/route-optimization.test.ts';
export const PER_CORRESPONDENT = 'test/unit/engine/mobile-router/per-correspondent.test.ts';
export const DIRECT_WATCH = 'test/unit/engine/mobile-router/direct-watch.test.ts';
export const DIRECT_FLOWS = 'test/unit/engine/mobile-router/direct-flows.test.ts';
export const DIRECT_ANSWERS = 'test/unit/engine/mobile-router/route-optimization-answers.test.ts';
export const DIRECT_DIALECT = 'test/unit/engine/mobile-router/route-optimization-dialect.test.ts';
export const DIRECT_CONFIG = 'test/unit/uci/route-optimization.test.ts';
export const DIRECT_TEXT = 'test/unit/cli/direct-text.test.ts';
export const TRIANGLE = 'test/simulation/route-optimization.test.ts';

// Both
export const SMALL = 'test/unit/engine/small.test.ts';
export const FLOW_SELECTOR = 'test/unit/engine/flow-bindings/selector.test.ts';
export const FLOW_SIMULATION = 'test/simulation/flow-bindings.test.ts';
export const QUALITY = 'test/simulation/quality.test.ts';
export const SINGLE_BINDING = 'test/simulation/single-binding.test.ts';
export const HOME_AGENTS_SIMULATED = 'test/simulation/home-agents.test.ts';
export const FAILOVER = 'test/simulation/failover.test.ts';

// Forwarding and the kernel
export const ANCHOR_FORWARDING = 'test/unit/forwarding/anchor-forwarding.test.ts';
export const TUNNELED = 'test/unit/forwarding/tunneled-text.test.ts';
export const DIRECT_FORWARDING = 'test/unit/forwarding/direct-forwarding.test.ts';
export const ROUTER_FORWARDING = 'test/unit/forwarding/router-forwarding.test.ts';
export const THROUGH = 'test/unit/daemon/through-uplinks.test.ts';
export const KERNEL_WATCH = 'test/unit/daemon/kernel-watch.test.ts';
export const SEVERAL_ROUTERS = 'test/unit/daemon/several-routers.test.ts';
export const CONFIG = 'test/unit/uci/config.test.ts';
export const HOME_FORWARDING = 'test/unit/forwarding/home-forwarding.test.ts';
export const DIFFERENCE = 'test/unit/forwarding/diff.test.ts';
export const FILTER = 'test/unit/forwarding/nftables.test.ts';
export const RECONCILER = 'test/unit/forwarding/reconciler.test.ts';
export const UPLINK_STATUS = 'test/unit/netlink/uplink-status.test.ts';

// Configuration and formats
export const CONFIGURATION = 'test/unit/uci/config.test.ts';
export const FAULTS = 'test/unit/uci/faults.test.ts';
export const MESSAGE = 'test/unit/wire/mobility-message.test.ts';
export const OPTION = 'test/unit/wire/mobility-option.test.ts';
export const PACKET = 'test/unit/wire/mobility-packet.test.ts';
export const FLOW_FIGURES = 'test/unit/wire/figures-flow.test.ts';
export const DRAFT_OPTION = 'test/unit/wire/draft-options.test.ts';

// Lab
export const LAB_FAILOVER = 'test/lab/failover.test.ts';
export const LAB_FLOWS = 'test/lab/flows.test.ts';
export const LAB_FLOW_MOVES = 'test/lab/flow-moves.test.ts';
export const LAB_TRIGGERS = 'test/lab/triggers.test.ts';
export const LAB_DIALECT = 'test/lab/dialect.test.ts';
export const LAB_ADDRESSING = 'test/lab/addressing.test.ts';
export const LAB_ALL_GONE = 'test/lab/all-gone.test.ts';
export const LAB_SESSIONS = 'test/lab/sessions.test.ts';
export const LAB_HOME_LINK = 'test/lab/home-link.test.ts';
export const LAB_HOSTILE = 'test/lab/hostile.test.ts';
export const LAB_DIRECT = 'test/lab/direct-path.test.ts';
export const LAB_DIRECT_AT_HOME = 'test/lab/direct-at-home.test.ts';
export const LAB_DIRECT_TRAFFIC = 'test/lab/direct-traffic.test.ts';
export const LAB_DIRECT_PACKETS = 'test/lab/direct-packets.test.ts';
export const LAB_TWO_HOME_AGENTS = 'test/lab/two-home-agents.test.ts';
export const LAB_OPENWRT = 'test/lab/openwrt.test.ts';
export const LAB_NESTED = 'test/lab/nested.test.ts';
export const LAB_VISITOR = 'test/lab/visitor.test.ts';
export const LAB_JOURNEY = 'test/lab/journey.test.ts';
export const LAB_RETURNING_HOME = 'test/lab/returning-home.test.ts';
export const LAB_ERRORS = 'test/lab/errors.test.ts';
export const LAB_UNANSWERED = 'test/lab/unanswered.test.ts';
export const LAB_TWO_HOMES = 'test/lab/two-home-addresses.test.ts';
export const LAB_TWO_DOCKS = 'test/lab/two-docks.test.ts';
