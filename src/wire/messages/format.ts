import type { Part } from '../layout.ts';

/** What one type of Mobility Header message looks like on the wire. */
export interface MessageFormat<Message extends { readonly kind: string }> {
  /** IANA "Mobility Header Types" number. */
  readonly type: number;
  readonly kind: Message['kind'];
  readonly section: string;
  /** The octets after the checksum and before the mobility options; of a fixed size. */
  readonly layout: Part<Omit<Message, 'kind' | 'options'>>;
}
