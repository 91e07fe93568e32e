"""Every tolerance of the system, in one place.

Figures without a public source are design choices; each says so.
"""

from __future__ import annotations

from typing import Final

#: Two corners closer than this (m) are the same corner (ux §4.3 E122; design).
SAME_CORNER_M: Final = 0.01
#: Two corners closer than this (m) are probably the same corner (E123; design).
NEAR_CORNER_M: Final = 0.5
#: An angle below this (degrees) at a corner is a spike (E123; design).
SPIKE_DEGREES: Final = 1.0
#: Overlaps below this area (m²) are noise of digitising (rules R-SP-01; design).
NOISE_AREA_M2: Final = 1.0
#: Overlaps narrower than this (m) are slivers of over-cutting: a hint, not a hit (R-SP-01; design).
SLIVER_WIDTH_M: Final = 2.0
#: "左右" (about) in a plan is a band of this share around the figure (rules A.5; design).
ABOUT_SHARE: Final = 0.05
#: Share of a right that must lie inside its planning block (R-SP-12; design).
INSIDE_BLOCK_SHARE: Final = 0.99
#: Below this share the right leaves its planning block (R-SP-12; design).
OUTSIDE_BLOCK_SHARE: Final = 0.90
#: Edges straight in a projection are densified to this length (m) before they become lon/lat
#: (measured: a pair of areas then moves by at most 0.23 m²).
DENSIFY_M: Final = 70.0
#: Corners are written with this many decimals (m) in projected coordinates (licence practice).
CORNER_DECIMALS: Final = 2
#: Seconds of arc are written with this many decimals (licence practice).
SECOND_DECIMALS: Final = 3
#: A declared service life that deviates more than this from the formula is attention (A.4).
SERVICE_LIFE_ATTENTION: Final = 0.10
#: … and more than this a hit (A.4).
SERVICE_LIFE_HIT: Final = 0.30
#: … and more than this a gross mismatch of an existing mine (R-AT-11; design).
SERVICE_LIFE_SEVERE: Final = 0.50
#: Output above this multiple of the licensed scale is handed over (R-TT-05; design).
OVER_PRODUCTION: Final = 1.10
#: Use of a quota above this share calls for attention (R-TT-01).
QUOTA_ATTENTION: Final = 0.95
#: A compliant remainder smaller than this (m²) is not worth proposing (design).
SMALLEST_PROPOSAL_M2: Final = 10_000.0
#: A state (output, number of mines) older than this many days is attention, never a veto (design).
FRESH_STATE_DAYS: Final = 731
#: A boundary within this distance (m) of a ridge line runs along it (R-SP-15; design).
RIDGE_BUFFER_M: Final = 20.0
#: Share of a boundary along a ridge above which the ridge is the boundary (R-SP-15; design).
RIDGE_SHARE: Final = 0.15
#: … or one run along the ridge longer than this (m) (R-SP-15; design).
RIDGE_RUN_M: Final = 200.0
#: Share of a block in view of main roads above which it counts as visible (R-SP-14; design).
VISIBLE_SHARE: Final = 0.05
#: A deposit of which less than this share is left out is taken as a whole (R-SP-09; design).
DEPOSIT_SPLIT_SHARE: Final = 0.05
#: A right lies in a zone when at least this share of it does (R-SP-13; design).
RIGHT_IN_ZONE_SHARE: Final = 0.5
#: Areas and holes smaller than this (m²) are left over from digitising (quality checks; design).
MICRO_AREA_M2: Final = 100.0
#: More vertices than this in one feature slow every program down (quality checks; design).
MANY_VERTICES: Final = 100_000
#: A feature leaves the plan's region when more than this share of it lies outside (design).
OUTSIDE_REGION_SHARE: Final = 0.01
#: A layer whose middle is farther than this (degrees) from the region is misplaced (design).
MISPLACED_DEGREES: Final = 0.5
#: Boundaries that should coincide and lie apart by less than this (m) were snapped badly (design).
NEAR_EDGE_M: Final = 1.0
#: Areas that differ by less than this share agree (quality checks; design).
AREA_SHARE: Final = 0.001
