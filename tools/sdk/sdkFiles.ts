import { API_VERSIONS } from '../../gateway/api/http/apiVersion.ts'
import { gatewayCatalog } from '../../gateway/errors/gatewayCatalog.ts'
import { groundCatalog } from '../../gateway/errors/groundCatalog.ts'
import { proofCatalog } from '../../gateway/errors/proofCatalog.ts'
import { sessionCatalog } from '../../gateway/errors/sessionCatalog.ts'
import { type Description, modelOf } from './model.ts'
import { typescriptFiles } from './typescript.ts'

/** Where the generated half of each client stands. */
const TYPESCRIPT = 'gateway/sdk/generated'
export const GENERATED: readonly string[] = [TYPESCRIPT]

/** All that is made of the description of the API: texts by their paths from the root. */
export function sdkFiles(description: Description, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const model = modelOf(description, names)
  const codes = Object.keys({ ...gatewayCatalog, ...groundCatalog, ...proofCatalog, ...sessionCatalog }).sort()
  const terms = { version: API_VERSIONS[0], codes }
  return Object.fromEntries(Object.entries(typescriptFiles(model, terms)).map(([name, text]) => [`${TYPESCRIPT}/${name}`, text]))
}
