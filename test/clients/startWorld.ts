import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { forkWorld } from './world.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that says what the world of the clients is, once it is ready. */
    clientsWorld: string
  }
}

/** Before the first file of the folder: nobody waits here, because files of other folders may run meanwhile. */
export default function startWorld(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-clients-'))
  const said = join(folder, 'said.json')
  project.provide('clientsWorld', said)
  const world = forkWorld()
  const say = (text: object) => {
    writeFileSync(`${said}.part`, JSON.stringify(text))
    renameSync(`${said}.part`, said)
  }
  const told = world.ready.then(
    (shop) => say({ shop }),
    (error: Error) => say({ trouble: error.message }),
  )
  return async () => {
    await world.stop()
    await told
    rmSync(folder, { recursive: true, force: true })
  }
}
