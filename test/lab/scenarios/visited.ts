/** What the scenario of a mobile node in a mobile network shares with its test. */
export const VISITOR = {
  homeAddress: '2001:db8:200::13',
  homeAgent: '2001:db8:3::2',
  /** Care-of addresses: behind the fixed router of the mobile network, and on a link of its own. */
  seat: '2001:db8:102::2',
  cell: '2001:db8:d::2',
} as const;
