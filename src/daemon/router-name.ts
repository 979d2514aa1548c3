/** Names of mobile routers: of a section of the configuration, and `NAME.2` and so on for its further home addresses. */
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';

/** Whether the mobile router is that one, or one of that section. */
export const isOf = (name: string, { config }: MobileRouter): boolean =>
  config.name === name || config.name.startsWith(`${name}.`);
