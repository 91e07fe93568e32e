"""The one map (一张图): layers of the plan, control lines, rights and cases on one ground."""
