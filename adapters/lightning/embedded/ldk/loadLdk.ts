import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { initializeWasmFromBinary } from 'lightningdevkit'

let loading: Promise<void> | undefined

/** Compiles LDK's WebAssembly once a process. Its greeting on stdout is dropped: stdout belongs to the caller. */
export function loadLdk(): Promise<void> {
  loading ??= initialize()
  return loading
}

async function initialize(): Promise<void> {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('lightningdevkit/package.json'))
  const binary = await readFile(join(packageFolder, 'liblightningjs.wasm'))
  const log = console.log
  console.log = () => {}
  try {
    await initializeWasmFromBinary(binary)
  } finally {
    console.log = log
  }
}
