import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalog } from '../gateway/errors/catalog.ts'
import { NODE_FLAGS } from '../gateway/ports/nodeFlags.ts'
import {
  documentsFit,
  documentsPointSomewhere,
  factsAreDocumented,
  pagesAreListed,
  railsAreDescribed,
  roomsAreNamed,
} from './tidy/documents.ts'
import { undocumentedCodes, unraisedCodes, wrongExamples } from './tidy/errorCodes.ts'
import { exportsAreUsed, programFilesHaveUsers } from './tidy/exports.ts'
import {
  adaptersKnowOnlyPorts,
  gatewayKnowsNoOutside,
  importsGoDown,
  importsGoDownInWings,
  programImportsNoTests,
  topGoesDown,
  worldStaysOutside,
} from './tidy/floors.ts'
import { functionsFit, noSpreadLiterals } from './tidy/functions.ts'
import { noFileCircles, noRoomCircles } from './tidy/importGraph.ts'
import { filesFit, filesThatGrow, foldersOpenWithReadme, namesSaySomething, noBarrels } from './tidy/layout.ts'
import { lockTroubles, nodeTroubles } from './tidy/lockFile.ts'
import { hashTroubles, WITHOUT_HASH } from './tidy/lockHashes.ts'
import { nodesHaveFlags } from './tidy/nodeStarts.ts'
import { type Rule, readSources } from './tidy/source.ts'
import { threadsAreLight } from './tidy/threads.ts'
import { everyTestRuns, factsAreRead, noFloatsNearMoney, noMachinePaths, nothingForLater } from './tidy/wording.ts'

const root = join(import.meta.dirname, '..')
const sources = readSources(root)
const textOf = (path: string): string => sources.find((source) => source.path === path)?.text ?? ''

const rules: [string, Rule][] = [
  ['imports go down the floors', importsGoDown],
  ['imports go down inside a wing too', importsGoDownInWings],
  ['imports go down between the folders at the top', topGoesDown],
  ['no files import each other in a circle', noFileCircles],
  ['no folders import each other in a circle', noRoomCircles],
  ['an adapter knows ports, money, errors and the ABI, and no other adapter', adaptersKnowOnlyPorts],
  ['the gateway knows no adapter and no contract', gatewayKnowsNoOutside],
  ['the world knows what a customer knows', worldStaysOutside],
  ['what ships imports nothing that does not', programImportsNoTests],
  ['no file of the program is there for tests alone', programFilesHaveUsers],
  ['what a file exports has a user', exportsAreUsed],
  ['no file is over the hard stop', filesFit],
  ['no function is longer than a screen', functionsFit],
  ['no literal is spread into a literal', noSpreadLiterals],
  ['every folder with source opens with a README', foldersOpenWithReadme],
  ['every name says something', namesSaySomething],
  ['there are no barrels', noBarrels],
  ['there is no floating point near money', noFloatsNearMoney],
  ['what a fact carries is read by its reader', factsAreRead],
  ['the facts of the journal are those of docs/facts.md', factsAreDocumented],
  ['no line of documentation or of a comment scrolls', documentsFit],
  ['documents point at what is there', documentsPointSomewhere],
  ['each page stands in the table by reader', pagesAreListed],
  ['a README names all the rooms of its wing', roomsAreNamed],
  ['each rail says what it can and what it was tried on', railsAreDescribed],
  ['every test runs', everyTestRuns],
  ['every Node is started with our flags', nodesHaveFlags],
  ['a thread reads little at its start', threadsAreLight],
  ['nothing is promised for later', nothingForLater],
  ['no text names a place on somebody’s machine', noMachinePaths],
]

describe('the house is tidy', () => {
  test.each(rules)('%s', (_, rule) => {
    expect(rule(sources)).toEqual([])
  })

  test('every error code has a section in docs/errors.md, and every section a code', () => {
    expect(undocumentedCodes(Object.keys(catalog), textOf('docs/errors.md'))).toEqual([])
  })

  test('every example in docs/errors.md says what the catalog says', () => {
    expect(wrongExamples(catalog, textOf('docs/errors.md'))).toEqual([])
  })

  test('every error code is raised somewhere', () => {
    expect(unraisedCodes(Object.keys(catalog), sources)).toEqual([])
  })

  test('package-lock.json serves every platform and names no address', () => {
    const { bin } = JSON.parse(textOf('package.json'))
    expect(lockTroubles(JSON.parse(textOf('package-lock.json')), bin)).toEqual([])
  })

  test('the Node that runs here is in the lock with its hash, and nothing is fetched beside the lock', () => {
    const manifest = JSON.parse(textOf('package.json'))
    expect(nodeTroubles(JSON.parse(textOf('package-lock.json')), manifest, process.version)).toEqual([])
  })

  test('each package of package-lock.json has its hash, but for those that are listed', () => {
    expect(hashTroubles(JSON.parse(textOf('package-lock.json')), WITHOUT_HASH)).toEqual([])
  })

  test('contracts/abi equals a fresh build', () => {
    const run = spawnSync(process.execPath, [...NODE_FLAGS, 'tools/buildContracts.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 300_000,
    })
    expect(run.status, `run \`npm run contracts\` and commit contracts/abi\n${run.stdout}${run.stderr}`).toBe(0)
  }, 310_000)
})

test('files that grow are named before they are too long', ({ annotate }) => {
  for (const warning of filesThatGrow(sources)) void annotate(warning, 'warning')
  expect(sources.length).toBeGreaterThan(execFileSync('git', ['ls-files', 'gateway'], { cwd: root, encoding: 'utf8' }).split('\n').length)
})
