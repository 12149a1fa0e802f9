"""Jobs that workers on one or many machines share: visits of hosts, and what is done again and again."""
