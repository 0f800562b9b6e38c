import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { weaknessOf } from '../config/weakSecret.ts'
import { makeFolder } from '../open/makeFolder.ts'
import { configText, type Network } from './configText.ts'
import { print } from './print.ts'

type Options = Readonly<{ network: Network; out: string; json?: boolean | undefined }>

/** Random bytes of a secret: more than any attack on it could try. */
const SECRET_BYTES = 32

/** Writes a commented configuration and fresh secrets, readable by their owner alone. What is there already is never replaced. */
export async function init({ network, out, json }: Options, name: string): Promise<number> {
  makeFolder(out)
  const [config, secrets] = [join(out, 'switchyard.json'), join(out, 'secrets.env')]
  writeFileSync(secrets, secretsText(), { flag: 'wx', mode: 0o600 })
  writeFileSync(config, configText(network, out), { flag: 'wx', mode: 0o600 })
  // A bank's folder is only made here, where nobody can have meant another one.
  if (network === 'local') makeFolder(join(out, 'bank'))
  const words = `--config ${config} --secrets ${secrets}`
  print({ json }, { config, secrets, network }, () =>
    [
      `${config}   the configuration: read it, and open what you need`,
      `${secrets}   its secrets: keep them, and show them to nobody`,
      '',
      'Type next:',
      `  ${name} doctor ${words}`,
      `  ${name} gateway ${words}`,
    ].join('\n'),
  )
  return 0
}

function secretsText(): string {
  const secrets = {
    OPERATOR_KEY: fresh((bytes) => `sk_${bytes.toString('hex')}`),
    CHALLENGE_SECRET: fresh((bytes) => bytes.toString('base64url')),
    EVM_OPERATOR_KEY: fresh((bytes) => `0x${bytes.toString('hex')}`),
  }
  return `${Object.entries(secrets)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`
}

/** One in some ten thousand has a word of test suites in it by chance, and would be refused. */
function fresh(written: (bytes: Buffer) => string): string {
  for (;;) {
    const secret = written(randomBytes(SECRET_BYTES))
    if (weaknessOf(secret) === undefined) return secret
  }
}
