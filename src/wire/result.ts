/** What a parser gives back: a value, or the reason why there is none. Parsers never throw. */

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError };

/** Why octets from the network were refused. */
export interface WireError {
  /** Octets from the start of what was parsed to the offending field. */
  readonly offset: number;
  /** One readable sentence: the rule that was broken. */
  readonly rule: string;
  /** Where the rule is written, e.g. `RFC 6275 §9.2`. */
  readonly section: string;
  /** Stable, lower-case, dashed name for statistics. */
  readonly counter: string;
  /** Present when the rule asks for an ICMPv6 Parameter Problem to the sender; never for a multicast destination that forbids it. */
  readonly parameterProblem?: ParameterProblem;
}

export interface ParameterProblem {
  /** RFC 4443 §3.4: 0 erroneous header field, 1 unrecognized next header, 2 unrecognized option. */
  readonly code: number;
  /** Octets from the start of the IPv6 packet to the offending field. */
  readonly pointer: number;
}

export function failure(
  offset: number,
  rule: string,
  section: string,
  counter: string,
  parameterProblem?: ParameterProblem,
): { readonly ok: false; readonly error: WireError } {
  const error = { offset, rule, section, counter };
  return { ok: false, error: parameterProblem === undefined ? error : { ...error, parameterProblem } };
}
