/** The registration with the home agent, as route optimisation sees it. */
import { type Entry, isRegistered, usableCareOfAddress } from '../binding-update-list.ts';
import type { MobileRouter } from '../mobile-router.ts';
import type { HomePath, HomeRegistration } from './registration.ts';

/**
 * Paths that are known to be dead are left out as long as another one lives. With `at_home 'direct'` correspondents keep
 * the bindings of uplinks abroad when the home agent has none any more (RFC 5648 §5.5.1).
 */
export function homeRegistrationOf(router: MobileRouter): HomeRegistration {
  const { choice } = router.registrar;
  const keeps = router.config.atHome === 'direct' && router.home.carrier !== undefined;
  const isBound = (entry: Entry): boolean =>
    isRegistered(entry) || (keeps && usableCareOfAddress(entry) !== undefined);
  const bound = router.entries.filter(entry => entry.place === 'foreign' && isBound(entry));
  const live = bound.filter(entry => entry.prober.state !== 'dead');
  const usable = live.length > 0 ? live : bound;
  const paths = usable.map((entry): HomePath => {
    const { bid, device } = entry.uplink;
    const careOfAddress = usableCareOfAddress(entry)!;
    const expiresAt = isRegistered(entry) ? entry.binding!.expiresAt : Number.POSITIVE_INFINITY;
    return { bid, device, careOfAddress, priority: choice.wantedPriority(entry), expiresAt };
  });
  return {
    homeAddress: router.config.homeAddress,
    homeAgent: router.homeAgents.current,
    homeAddressUntil: router.registrar.writer.homeAddressUntil,
    paths,
    active: paths.find(path => path.bid === router.active.entry?.uplink.bid),
    devices: router.entries.map(({ uplink }) => uplink.device),
    homeLink: router.home.entry?.uplink.device,
    steering: router.steering,
  };
}
