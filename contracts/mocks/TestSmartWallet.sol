// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title An account that is a contract, which says itself what its owner has signed (ERC-1271), for the local network and tests.
/// @dev Signatures are wrapped and bound to the account as Coinbase Smart Wallet has them, so that its clients sign for this one as they are.
contract TestSmartWallet is IERC1271 {
    error NotOwner(address caller);

    struct SignatureWrapper {
        uint256 ownerIndex;
        bytes signatureData;
    }

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant MESSAGE_TYPEHASH = keccak256("CoinbaseSmartWalletMessage(bytes32 hash)");

    address private immutable _OWNER;

    constructor(address owner) {
        _OWNER = owner;
    }

    /// @dev What the owner does by the account, such as letting Permit2 take a token.
    function execute(address target, uint256 value, bytes calldata data) external payable {
        if (msg.sender != _OWNER) revert NotOwner(msg.sender);
        (bool ok, bytes memory answer) = target.call{value: value}(data);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        SignatureWrapper memory wrapper = abi.decode(signature, (SignatureWrapper));
        (address signer, , ) = ECDSA.tryRecover(replaySafeHash(hash), wrapper.signatureData);
        return wrapper.ownerIndex == 0 && signer == _OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @dev Bound to this account, because an owner may have several.
    function replaySafeHash(bytes32 hash) public view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Coinbase Smart Wallet"), keccak256("1"), block.chainid, address(this))
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(MESSAGE_TYPEHASH, hash))));
    }
}

/// @title Makes such accounts, each at an address that is known before (ERC-6492).
contract TestSmartWalletFactory {
    function createAccount(bytes[] calldata owners, uint256 nonce) external payable returns (address account) {
        account = getAddress(owners, nonce);
        if (account.code.length == 0) new TestSmartWallet{salt: _saltOf(owners, nonce)}(_ownerOf(owners));
    }

    function getAddress(bytes[] calldata owners, uint256 nonce) public view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(TestSmartWallet).creationCode, abi.encode(_ownerOf(owners))));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), _saltOf(owners, nonce), code)))));
    }

    function _saltOf(bytes[] calldata owners, uint256 nonce) private pure returns (bytes32) {
        return keccak256(abi.encode(owners, nonce));
    }

    function _ownerOf(bytes[] calldata owners) private pure returns (address) {
        return abi.decode(owners[0], (address));
    }
}

/// @title What an account delegates its code to (EIP-7702) that goes on signing by its own key.
contract TestDelegation is IERC1271 {
    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, , ) = ECDSA.tryRecover(hash, signature);
        return signer == address(this) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
