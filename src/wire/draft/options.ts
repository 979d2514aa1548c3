/** Mobility options of Internet-Drafts that never got a number. */
import { alternativeInterfaceIndicator } from './alternative-interface-indicator.ts';
import { draftBindingIdentifier } from './binding-identifier.ts';
import { loadBalancing } from './load-balancing.ts';
import { muho } from './muho.ts';

export const DRAFT_OPTIONS = [
  draftBindingIdentifier,
  loadBalancing,
  muho,
  alternativeInterfaceIndicator,
] as const;
