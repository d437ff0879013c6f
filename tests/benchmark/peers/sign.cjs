// Builds, serialises and signs transfers with bitsharesjs for two seconds; prints how many a second.
const {PrivateKey, TransactionBuilder, ops} = require("bitsharesjs");

const key = PrivateKey.fromWif("5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3"); // published everywhere, worthless
const publicKey = key.toPublicKey();
const chainId = "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8";

function sign(amount) {
    const tx = new TransactionBuilder();
    tx.add_type_operation("transfer", {
        fee: {amount: 2000000, asset_id: "1.3.0"}, from: "1.2.17", to: "1.2.18",
        amount: {amount, asset_id: "1.3.0"}, extensions: []});
    tx.ref_block_num = 1;
    tx.ref_block_prefix = 2;
    tx.expiration = 1893456000;
    tx.tr_buffer = ops.transaction.toBuffer(tx); // what finalize() does behind its question to a node
    tx.add_signer(key, publicKey);
    tx.sign(chainId);
    return tx;
}

if (sign(1).signatures.length !== 1) throw new Error("not signed");
let count = 0;
const start = process.hrtime.bigint();
const seconds = () => Number(process.hrtime.bigint() - start) / 1e9;
while (seconds() < 2) sign(++count);
console.log(count / seconds());
