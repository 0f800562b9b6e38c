import { readFileSync, statSync } from 'node:fs'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Hex } from '../../gateway/ports/ids.ts'

export const KEY_VARIABLE = 'SWITCHYARD_DEPLOY_KEY'
const KEY = /^(?:0x)?([0-9a-fA-F]{64})$/
/** Permissions of a group and of others. */
const NOT_THE_OWNER = 0o077

/** The account that pays, from a file or else the environment; undefined when neither has a key. No message repeats what was read. */
export function readDeployKey(keyFile: string | undefined, env: NodeJS.ProcessEnv): PrivateKeyAccount | undefined {
  const found = keyFile === undefined ? env[KEY_VARIABLE] : readKeyFile(keyFile)
  if (found === undefined || found === '') return undefined
  const place = keyFile === undefined ? KEY_VARIABLE : 'The key file'
  const key = KEY.exec(found.trim())?.[1]
  if (!key) throw refused(`${place} does not hold a key`, 'It wants 64 hex digits.')
  try {
    return privateKeyToAccount(`0x${key}` as Hex) // KEY says so.
  } catch {
    throw refused(`${place} does not hold a key`, 'Not every number is one; this one is zero or too large.')
  }
}

function readKeyFile(file: string): string {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & NOT_THE_OWNER) !== 0) {
      throw refused('The key file can be read by others than its owner', 'chmod 600, and think about who may have read it.')
    }
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isGatewayError(error)) throw error
    throw refused('The key file cannot be read', 'Correct --key-file.')
  }
}

function refused(message: string, hint: string): GatewayError {
  return new GatewayError('unsafe_configuration', message, { hint: `Nothing was sent. ${hint}` })
}
