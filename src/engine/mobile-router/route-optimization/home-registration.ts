/** The registration with the home agent, as route optimisation sees it. */
import { isRegistered } from '../binding-update-list.ts';
import type { MobileRouter } from '../mobile-router.ts';
import type { HomePath, HomeRegistration } from './registration.ts';

/** Paths that are known to be dead are left out as long as another one lives. */
export function homeRegistrationOf(router: MobileRouter): HomeRegistration {
  const { choice } = router.registrar;
  const bound = router.entries.filter(entry => entry.place === 'foreign' && isRegistered(entry));
  const live = bound.filter(entry => entry.prober.state !== 'dead');
  const usable = live.length > 0 ? live : bound;
  const paths = usable.map((entry): HomePath => {
    const { careOfAddress, expiresAt } = entry.binding!;
    const { bid, device } = entry.uplink;
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
