/** What scenarios of direct ways, and the tests that judge them, share. */

export const DIRECT = {
  /** A second mobile node's home address, and where it is. */
  tender: '2001:db8:100::20',
  tenderCareOf: '2001:db8:d::2',
  /** Another correspondent. */
  second: '2001:db8:3::2',
  /** A host without kedge. */
  plain: '2001:db8:4::2',
  /** An address of the home network that nobody has. */
  stranger: '2001:db8:100::99',
  group: 'ff0e::1',
  /** More addresses of the correspondent's host: with little traffic, and one that shall not know. */
  quiet: '2001:db8:2::3',
  hidden: '2001:db8:2::4',
  /** Packets in a minute that make a correspondent. */
  after: 20,
  /** Milliseconds without traffic after which it is none any more. */
  forgotten: 65_000,
  /** Of bindings, seconds. */
  lifetime: 40,
} as const;

/** Octets in a packet that are in no other. */
export const markOf = (number: number): number[] => [0x6b, 0x64, 0x67, 0xa5, 0x5a, 0xc3, 0x3c, number];

export interface DirectStatus {
  readonly mobileRouter: {
    readonly routeOptimization: {
      readonly correspondents: readonly {
        readonly address: string;
        readonly state: string;
        readonly bindings: readonly { readonly bid: number; readonly careOfAddress: string }[];
      }[];
    };
  };
  readonly correspondent: {
    readonly nodes: readonly {
      readonly address: string;
      readonly homeAddress: string;
      readonly bindings: readonly { readonly bid: number; readonly careOfAddress: string }[];
    }[];
    readonly counters: Readonly<Record<string, number>>;
  };
}
