import { parseAbi } from 'viem'

const CONFIG =
  'struct Config { address payer; address payerAuthorizer; address receiver; address receiverAuthorizer; address token; uint40 withdrawDelay; bytes32 salt; }'

/** x402's contract of payment channels, as far as a receiver uses it. */
export const batchSettlementAbi = parseAbi([
  CONFIG,
  'struct Voucher { Config channel; uint128 maxClaimableAmount; }',
  'struct VoucherClaim { Voucher voucher; bytes signature; uint128 totalClaimed; }',
  'function multicall(bytes[] data) returns (bytes[])',
  'function deposit(Config config, uint128 amount, address collector, bytes collectorData)',
  'function claim(VoucherClaim[] claims)',
  'function settle(address receiver, address token)',
  'function refundWithSignature(Config config, uint128 amount, uint256 nonce, bytes receiverAuthorizerSignature)',
  'function refundNonce(bytes32 channelId) view returns (uint256)',
  'function channels(bytes32 channelId) view returns (uint128 balance, uint128 totalClaimed)',
  'function pendingWithdrawals(bytes32 channelId) view returns (uint128 amount, uint40 initiatedAt)',
])
