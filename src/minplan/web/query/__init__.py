"""Queries and statistics (查询统计): the builder, results, groups, exports, saved queries."""
