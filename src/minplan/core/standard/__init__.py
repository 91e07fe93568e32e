"""Standard terms and code lists as dated data: minerals, mine scales, layers."""
