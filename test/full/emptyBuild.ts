import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the first file that installs our packages builds them for all files of the run. */
    buildFolder: string
  }
}

/** A folder for the packages of a run, which is empty until a file asks for them. */
export default function emptyBuild(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-built-'))
  project.provide('buildFolder', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
