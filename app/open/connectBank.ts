import type { Remote } from '../../adapters/bank/carrier/remote.ts'
import type { SftpConfig } from '../config/sftpConfig.ts'
import { loadOptional } from './loadOptional.ts'

/** A link to the bank's SFTP server. Its client is loaded only where there is one. Throws with what to change when the server is not usable. */
export async function connectBank({ host, port, user, keyFile, passphrase, hostKey }: SftpConfig): Promise<Remote> {
  const { connectSftp } = await loadOptional('ssh2', () => import('../../adapters/bank/carrier/sftp.ts'))
  return connectSftp({ host, port, user, keyFile, hostKey, ...(passphrase === undefined ? {} : { passphrase }) })
}
