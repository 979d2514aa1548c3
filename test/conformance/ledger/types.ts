/** Node a statement binds: mobile node, mobile router, home agent, correspondent node, or each of them. */
export type Role = 'mn' | 'mr' | 'ha' | 'cn' | 'all';

interface Prescription {
  /** Section, dash, running number within it: '5.2-3'. Unique within its document. */
  readonly id: string;
  /** 'prose' prescribes behaviour without a word of RFC 2119. */
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'prose';
  readonly role: Role | readonly [Role, Role, ...Role[]];
  /** Paraphrase without quotation, at most 160 characters. */
  readonly says: string;
}

/** 'file.test.ts > part of a test title': the path from the checkout, the title with those of its describe blocks. */
export type Shown = {
  readonly shown: readonly [string, ...string[]];
  readonly na?: never;
  readonly open?: never;
};
/** Why the statement does not apply to Kedge. */
type NotApplicable = { readonly na: string; readonly shown?: never; readonly open?: never };
/** 'feature: what is missing', precisely enough to build or test it from this line. */
export type Open = { readonly open: string; readonly shown?: never; readonly na?: never };

/** One normative sentence, or prose that prescribes behaviour, and what has become of it here. */
export type Statement = Prescription & (Shown | NotApplicable | Open);

export interface Document {
  /** Short name, key of the summary: 'rfc5648'. */
  readonly name: string;
  readonly title: string;
  /** In the document's order. */
  readonly statements: readonly Statement[];
}
