wash help new
