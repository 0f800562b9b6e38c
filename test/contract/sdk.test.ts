import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createGateway } from '../../gateway/sdk/createGateway.ts'
import type { Description } from '../../tools/sdk/model.ts'
import { NAMES } from '../../tools/sdk/names.ts'
import { proposedNames } from '../../tools/sdk/proposedNames.ts'
import { GENERATED, sdkFiles } from '../../tools/sdk/sdkFiles.ts'
import { describedApi } from './describedApi.ts'

const ROOT = join(import.meta.dirname, '../..')
const SAY = 'the API has changed: run `npm run sdk`, which writes its clients in TypeScript and Python anew, and commit what it wrote'

let description: Description
let ids: string[]
beforeAll(async () => {
  description = (await describedApi()) as Description // The same document.
  ids = Object.values(description.paths).flatMap((by) => Object.values(by).flatMap(({ operationId }) => operationId ?? []))
})

test('the clients are of the API as it is now', () => {
  expect(Object.keys(proposedNames(description, NAMES)), SAY).toEqual([])
  const files = sdkFiles(description, NAMES)
  const stale = Object.entries(files).filter(([path, text]) => readOr(join(ROOT, path)) !== text)
  const there = GENERATED.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
  expect([...stale.map(([path]) => path), ...there.filter((path) => !(path in files) && /\.(?:ts|py)$/.test(path))], SAY).toEqual([])
})

test('each operation is reached by one name, and each name is of an operation', () => {
  expect(
    Object.keys(NAMES).filter((id) => !ids.includes(id)),
    'tools/sdk/names.ts has rows of no operation: remove them',
  ).toEqual([])
  const names = Object.values(NAMES)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  const gateway = createGateway({ url: 'http://127.0.0.1:1' }) as unknown as Record<string, Record<string, unknown>>
  const missing = ids.filter((id) => {
    const [resource = '', method = ''] = NAMES[id]!.split('.')
    return typeof gateway[resource]?.[method] !== 'function'
  })
  expect(missing).toEqual([])
})

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
