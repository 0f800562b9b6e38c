import { API_VERSIONS } from '../../gateway/api/http/apiVersion.ts'
import { gatewayCatalog } from '../../gateway/errors/gatewayCatalog.ts'
import { groundCatalog } from '../../gateway/errors/groundCatalog.ts'
import { proofCatalog } from '../../gateway/errors/proofCatalog.ts'
import { sessionCatalog } from '../../gateway/errors/sessionCatalog.ts'
import { type Description, modelOf } from './model.ts'
import { pythonFiles } from './python.ts'
import { typescriptFiles } from './typescript.ts'

/** Where the generated half of each client stands. */
const TYPESCRIPT = 'gateway/sdk/generated'
const PYTHON = 'packages/python/switchyard_api/generated'
export const GENERATED: readonly string[] = [TYPESCRIPT, PYTHON]

/** All that is made of the description of the API: texts by their paths from the root. */
export function sdkFiles(description: Description, names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const model = modelOf(description, names)
  const codes = Object.keys({ ...gatewayCatalog, ...groundCatalog, ...proofCatalog, ...sessionCatalog }).sort()
  const terms = { version: API_VERSIONS[0], codes }
  return Object.assign({}, under(TYPESCRIPT, typescriptFiles(model, terms)), under(PYTHON, pythonFiles(model, terms)))
}

function under(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}
