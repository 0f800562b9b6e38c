import { gatewayCatalog } from './gatewayCatalog.ts'
import { groundCatalog } from './groundCatalog.ts'
import { programCatalog } from './programCatalog.ts'
import { proofCatalog } from './proofCatalog.ts'
import { sessionCatalog } from './sessionCatalog.ts'

/**
 * One row a code. `docs/errors.md` has a heading for each; `test/tidy.test.ts` compares the two and the places that raise them. Put together by a call that is
 * marked as pure, so that a page which raises only the codes of the ground leaves the others out.
 */
export const catalog = /* @__PURE__ */ all()

function all() {
  return { ...gatewayCatalog, ...groundCatalog, ...proofCatalog, ...sessionCatalog, ...programCatalog }
}

export type ErrorCode = keyof typeof catalog
