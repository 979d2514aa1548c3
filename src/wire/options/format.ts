import type { Part } from '../layout.ts';

/** `[x, y]` stands for "xn+y" from the start of the Mobility Header (RFC 8200 §4.2). */
export type Alignment = readonly [multiple: 1 | 2 | 4 | 8, offset: number];

/** What one type of mobility option looks like on the wire. */
export interface OptionFormat<Option extends { readonly kind: string }> {
  /** IANA "Mobility Options" number. */
  readonly type: number;
  readonly kind: Option['kind'];
  readonly section: string;
  /** The octets after Option Type and Option Length. */
  readonly layout: Part<Omit<Option, 'kind'>>;
  alignment(option: Option): Alignment;
  /**
   * What becomes of an option of this type that the layout does not fit: `refused`, the whole message is in
   * error; `kept`, it becomes an opaque option, because the RFC wants an answer with a status of its own.
   */
  readonly malformed: 'refused' | 'kept';
}
