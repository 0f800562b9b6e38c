import { open } from 'node:fs/promises'

/** Makes what was renamed in the folder durable, or what was written in the file. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
