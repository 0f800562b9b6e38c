import { spawnSync } from 'node:child_process'

const DEADLINE_MS = 20_000

/** Runs the `openssl` program with `input` on its standard input and returns its standard output. Throws with what it said when it fails. */
export function openssl(args: readonly string[], input: Uint8Array | string): Buffer {
  const run = spawnSync('openssl', args, { input, timeout: DEADLINE_MS })
  if (run.error) throw new Error(`these tests need the program openssl (Debian's package openssl): ${run.error.message}`)
  if (run.status !== 0) throw new Error(`openssl ${args.join(' ')} failed: ${run.stdout}${run.stderr}`)
  return run.stdout
}

/** HMAC-SHA256 as OpenSSL's program computes it: nothing of Node's or of ours takes part. */
export function opensslHmac(key: Uint8Array, data: Uint8Array | string): Buffer {
  const hexKey = Buffer.from(key).toString('hex')
  const output = openssl(['mac', '-digest', 'SHA256', '-macopt', `hexkey:${hexKey}`, 'HMAC'], data)
  return Buffer.from(output.toString('ascii').trim(), 'hex')
}
