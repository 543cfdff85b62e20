wash help dev
