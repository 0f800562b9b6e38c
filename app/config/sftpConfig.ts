import { z } from 'zod'

const folder = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\/?[^\0]*[^/\0]$/, 'ends with a slash')

/** The bank's SFTP server, which a rail's files are carried to and from; without it a program of the operator's does that. */
export const sftpConfig = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1).max(100),
  /** A private key in OpenSSH's format, and what it is locked with. */
  keyFile: z.string().min(1),
  passphrase: z.string().min(1).optional(),
  /** The server's own key, as `ssh-keygen -l` shows it. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'is no fingerprint such as "SHA256:" and 43 characters, which `ssh-keygen -l` shows'),
  /** The bank's folder for orders, and that of its own files. */
  putInto: folder,
  takeFrom: folder,
  /** What becomes of the bank's files there when they are here. */
  taken: z.enum(['delete', 'leave']).default('delete'),
  pollMs: z.int().min(1_000).default(30_000),
})

export type SftpConfig = z.infer<typeof sftpConfig>
