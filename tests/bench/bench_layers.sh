# A header line, then for every operation a row whose figures are above zero.
set -u
rows=$("$1" --quick) || exit 1
fail() { echo "$1"; echo "$rows"; exit 1; }

[ "${rows%%$'\n'*}" = "op,dims,GFLOP/s,GB/s,ns per row" ] || fail "not the header line"
positive='[0-9.]*[1-9][0-9.]*'
for op in gemm_nt gemm_nn gemm_tn \
    {edge,attention,gru,latent,kl,diagonal,bivariate,mixture}_{forward,backward} \
    features_edge noise_normal exp tanh sigmoid softplus adamw; do
    grep -qE "^$op,[0-9x ]+,($positive)?,$positive,$positive$" <<<"$rows" || fail "no row $op"
done
for op in gemm_nt edge_forward adamw; do
    grep -qE "^$op,[0-9x ]+,$positive," <<<"$rows" || fail "$op: no GFLOP/s"
done
