import { reserved } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { linkLayerAlignment } from '../link-layer-alignment.ts';
import { option } from '../option-format.ts';

/** The link-layer address of the mobile node, in the form of RFC 4861 §4.6. */
export const mnLinkLayerIdentifier = option({
  type: 25,
  kind: 'mn-link-layer-identifier',
  name: 'Mobile Node Link-layer Identifier',
  section: 'RFC 5213 §8.6',
  layout: layout(reserved(2), rest('identifier', 1)),
  alignment: ({ identifier }) => linkLayerAlignment(identifier),
});
