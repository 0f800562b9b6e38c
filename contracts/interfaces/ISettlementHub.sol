// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "./IHubChannels.sol";
import {IHubClaims} from "./IHubClaims.sol";
import {IHubPayments} from "./IHubPayments.sol";

/// @title A hub that takes payments for revenue splits and pays each payee its share.
/// @notice A split is a table of accounts and shares, known here only by its id:
/// `splitId = keccak256(abi.encode(root, totalShares, metadataHash))`. `root` is the Merkle root over the leaves
/// `keccak256(bytes.concat(keccak256(abi.encode(account, shares))))`; an inner node hashes its children, the lower first; the last node of
/// a level of odd length moves up unchanged.
///
/// There is no owner, no upgrade and no pause. Each split has a pot per token, and one pot can never pay out what another received; nor can
/// a channel's deposit be touched by anything but its own payer's vouchers and withdrawal.
///
/// Tokens: any ERC-20 that keeps balances as they are. A fee taken on transfer is borne by the split (the pot grows by what arrives), but a
/// token that changes balances by itself (rebasing) can leave its own pots, never those of other tokens, without cover.
/// Never transfer a token to the hub directly: nobody is credited and nothing can take it back. Transfer to `receiverOf(splitId)` instead.
///
/// Logs alone rebuild every pot and the channel deposits of every split, per token:
/// pot received = Paid + Swept + VouchersClaimed; pot paid out = Claimed + ClaimedTo + the values of ClaimedMany;
/// channels = ChannelOpened + ChannelToppedUp - VouchersClaimed - ChannelWithdrawn.
interface ISettlementHub is IHubPayments, IHubClaims, IHubChannels {}
