import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { takeLock } from '../../world/lock.ts'
import { makeFolder } from '../open/makeFolder.ts'

/** What a gateway in the world is told beside the world, and what its operators ask it with. */
type YardSecrets = Readonly<{ key: string; secondKey: string; challengeSecret: string }>

/** Where a yard stands. `world` is where its world is kept; undefined when all of it goes with `close`. */
type YardFolder = Readonly<{ dataDir: string; world: string | undefined; secrets: YardSecrets; close: () => void }>

/**
 * A folder of its own for a yard that goes when it is closed; or the one that is named, which keeps everything: a new one, or one that a yard stood in before.
 */
export function yardFolder(named: string | undefined): YardFolder {
  if (named === undefined) {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-data-'))
    return { dataDir, world: undefined, secrets: newSecrets(), close: () => rmSync(dataDir, { recursive: true, force: true }) }
  }
  const dataDir = resolve(named)
  const world = join(dataDir, 'world')
  const file = join(world, 'secrets.json')
  // Books of another world would not agree with a new one.
  if (!existsSync(file) && existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new GatewayError('unsafe_configuration', `${named} is not empty, and no world was kept in it`, {
      hint: 'Give --data a new folder, or one that an earlier start was given.',
    })
  }
  makeFolder(world)
  const release = lockOf(join(world, 'yard'), named)
  if (!release) {
    throw new GatewayError('unsafe_configuration', `The world in ${named} runs already`, {
      hint: 'End that one first, or name another folder.',
    })
  }
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(newSecrets()), { mode: 0o600 })
  // Written by the line above alone.
  return { dataDir, world, secrets: JSON.parse(readFileSync(file, 'utf8')) as YardSecrets, close: release }
}

/** Taking it writes into the folder, so whatever may be wrong with that is known before anything is started. */
function lockOf(path: string, named: string): (() => void) | undefined {
  try {
    return takeLock(path, 0)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it gave no reason'
    throw new GatewayError('unsafe_configuration', `${named} can not be written to, or not be locked: ${why}`, {
      cause,
      hint: 'Give --data a folder of this user on a local disk.',
    })
  }
}

function newSecrets(): YardSecrets {
  const key = () => `sk_${randomBytes(18).toString('base64url')}`
  return { key: key(), secondKey: key(), challengeSecret: randomBytes(32).toString('base64url') }
}
