// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Money out of the pot of a split, to the payees in its table.
interface IHubClaims {
    /// @notice One leaf of a split's table with what proves that it belongs to it.
    struct Share {
        bytes32 root;
        uint256 totalShares;
        bytes32 metadataHash;
        address account;
        uint256 shares;
        bytes32[] proof;
    }

    /// @notice The same for `claimMany`, in which every leaf is of one account and the proofs stand one after the other in a list of their own:
    /// `proofLength` hashes of it are this leaf's.
    struct SplitShare {
        bytes32 root;
        uint256 totalShares;
        bytes32 metadataHash;
        uint256 shares;
        uint256 proofLength;
    }

    /// @notice A payee's word that what it is owed may go to another address, `to`: until `deadline`, and no further than until it has been
    /// paid `paidMax` units in all, so that a repeated submission pays nothing twice.
    struct Redirect {
        address to;
        uint256 paidMax;
        uint256 deadline;
        bytes signature;
    }

    /// @notice `value` units were paid out of a split's pot to its payee.
    event Claimed(bytes32 indexed splitId, address indexed account, address indexed token, uint256 value);

    /// @notice `value` units were paid out of a split's pot for its payee, to the address the payee signed.
    event ClaimedTo(bytes32 indexed splitId, address indexed account, address indexed token, address to, uint256 value);

    /// @notice Units were paid out of several pots to one payee in one transfer, the sum of `values`: `values[i]` out of `splitIds[i]`.
    event ClaimedMany(address indexed account, address indexed token, bytes32[] splitIds, uint256[] values);

    /// @notice Shares are 1 to `totalShares`, which is at most 2^128 - 1.
    error InvalidShare(uint256 shares, uint256 totalShares);

    /// @notice The proof does not lead from this account and its shares to the root.
    error InvalidProof(bytes32 root, address account, uint256 shares);

    /// @notice The table promises more than its total: `due` exceeds what is left of this split's own money.
    error SplitInsolvent(bytes32 splitId, address token, uint256 due, uint256 available);

    /// @notice The payee did not sign this redirection.
    error InvalidRedirect(address account, address to);

    /// @notice The signature's time is over.
    error DeadlinePassed(uint256 deadline, uint256 time);

    /// @notice Pays a payee what it is owed by now: `floor(received * shares / totalShares)` minus what it was paid before. Anyone may call
    /// it; the money goes to the account in the leaf, which may be the receiver of another split.
    /// @return due Units paid; 0 when nothing is due.
    function claim(Share calldata share, address token) external returns (uint256 due);

    /// @notice Claims for one account from many splits with one transfer. A split that cannot pay, or to which the account's proof does not
    /// lead, is left out and blocks no other.
    /// @return sum Units paid.
    function claimMany(address account, address token, SplitShare[] calldata shares, bytes32[] calldata proofs)
        external
        returns (uint256 sum);

    /// @notice Claims to the address that the payee signed (EIP-712
    /// `ClaimTo(bytes32 splitId,address token,address account,address to,uint256 paidMax,uint256 deadline)`). Anyone may submit it, so the
    /// payee needs no gas; it is the way out for a payee whom the token refuses to pay.
    /// @return due Units paid; 0 when nothing is due.
    function claimTo(Share calldata share, address token, Redirect calldata redirect) external returns (uint256 due);

    /// @notice What an account was paid out of a split so far, in units of a token.
    function paid(bytes32 splitId, address token, address account) external view returns (uint256);
}
