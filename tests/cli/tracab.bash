# Sources scratch.bash; then tracab_match FRAMES... writes match.dat, two a side in these frames,
# and the metadata beside it: 104 x 66 m, 25 Hz, a period of frames 1 to 50.
source "$(dirname "$0")/scratch.bash"

tracab_match() {
    local side='1,1,1,-5000,0,0;1,2,9,-100,3300,0;0,3,1,5000,13,0;0,4,10,100,-3300,0;'
    printf "%d:$side:50,60,0,0,H,Alive;:\n" "$@" >match.dat
    cat >match_metadata.xml <<'END'
<TracabMetaData>
  <match iFrameRateFps="25" fPitchXSizeMeters="104,0" fPitchYSizeMeters="66,0">
    <period iId="1" iStartFrame="1" iEndFrame="50"/>
  </match>
</TracabMetaData>
END
}
