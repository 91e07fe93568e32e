"""Quality checks of plan deliverables (规划成果质量检查): registry, engine, score, comparison."""
