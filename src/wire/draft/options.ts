/** Mobility options of Internet-Drafts that never got a number. */
import { draftBindingIdentifier } from './binding-identifier.ts';

export const DRAFT_OPTIONS = [draftBindingIdentifier] as const;
