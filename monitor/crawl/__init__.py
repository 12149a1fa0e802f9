"""Visit what is due, and hand what comes to the tracker."""
