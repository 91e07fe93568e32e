"""The house's typeface for machines that have no Chinese one."""
