#include "noise_schedule.h"
