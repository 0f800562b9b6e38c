import { Client } from 'pg'

/** Runs one statement on a connection of its own, as somebody with access to the database could. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    // Several statements in one text have a result each, and then none is asked for.
    const result = await client.query<Record<string, unknown>>(text)
    return result.rows ?? []
  } finally {
    await client.end()
  }
}
