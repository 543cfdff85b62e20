wash help completion
