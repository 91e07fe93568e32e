"""minplan · 矿产资源规划管理信息系统: review of mining rights against the plan."""
