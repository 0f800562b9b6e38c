// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IHubClaims} from "../../interfaces/IHubClaims.sol";

/// @title A hub without isolation, to show the attack that the real one refuses. Never deploy it.
/// @dev It believes that the shares of a table sum to its total, and does not ask whose money it pays with.
contract NaiveHub {
    using SafeERC20 for IERC20;

    mapping(bytes32 splitId => mapping(address token => uint256)) public received;
    mapping(bytes32 splitId => mapping(address token => mapping(address account => uint256))) public paid;

    function fund(bytes32 splitId, address token, uint256 value) external {
        IERC20(token).safeTransferFrom(msg.sender, address(this), value);
        received[splitId][token] += value;
    }

    function claim(IHubClaims.Share calldata share, address token) external returns (uint256 due) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(share.account, share.shares))));
        require(MerkleProof.verifyCalldata(share.proof, share.root, leaf), "proof");
        bytes32 splitId = keccak256(abi.encode(share.root, share.totalShares, share.metadataHash));
        due = (received[splitId][token] * share.shares) / share.totalShares - paid[splitId][token][share.account];
        paid[splitId][token][share.account] += due;
        IERC20(token).safeTransfer(share.account, due);
    }
}
